/** The entry of the workspace: finds the root element and mounts the application. Nothing else starts here. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with id 'root', wanted one to mount the workspace in");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
