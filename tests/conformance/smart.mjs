// The page of Smart Forms, bundled for a browser: shows a form, and gives its response.
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { BaseRenderer, RendererThemeProvider, buildForm, getResponse } from "@aehrc/smart-forms-renderer";

let root;
window.show = async (questionnaire, questionnaireResponse) => {
  root?.unmount();
  await buildForm({ questionnaire, questionnaireResponse: questionnaireResponse ?? undefined });
  const page = createElement(QueryClientProvider, { client: new QueryClient() }, createElement(BaseRenderer));
  root = createRoot(document.getElementById("form"));
  root.render(createElement(RendererThemeProvider, null, page));
};
window.exported = () => getResponse();
