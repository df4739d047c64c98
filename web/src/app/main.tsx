/** The entry of the workspace: finds the root element and mounts the application. Nothing else starts here. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../base/tokens.css";
import { startTheme } from "../shell/theme";
import "../shell/base.css";
import "../shell/pages.css";
import "../shell/workspace.css";
import "../shell/panes.css";
import { App } from "./App";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with id 'root', wanted one to mount the workspace in");
startTheme();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
