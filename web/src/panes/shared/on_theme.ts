/** Canvases do not follow the style sheet: what they draw with is read again when the theme changes. */

/** Calls `work` after each change of theme, until the function that it returns is called. */
export function onTheme(work: () => void): () => void {
  const themes = new MutationObserver(work);
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => themes.disconnect();
}
