"""What all three apps stand on: clinics, staff, patients, audit, encryption, mail."""
