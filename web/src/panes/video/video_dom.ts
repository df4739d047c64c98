/** The elements of the video pane. */

export interface VideoDom {
  readonly root: HTMLDivElement;
  readonly video: HTMLVideoElement;
  /** The server's picture of a frame that the element would not show. */
  readonly picture: HTMLImageElement;
  readonly absent: HTMLDivElement;
  readonly status: HTMLDivElement;
}

export function buildVideoDom(title: string): VideoDom {
  const root = document.createElement("div");
  root.tabIndex = 0;
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", `Video ${title}`);
  root.style.cssText =
    "position:relative;width:100%;height:100%;overflow:hidden;background:var(--bg-0);outline-offset:-2px";
  const video = document.createElement("video");
  video.preload = "auto";
  video.playsInline = true;
  video.disablePictureInPicture = true;
  const picture = document.createElement("img");
  picture.alt = "";
  picture.hidden = true;
  for (const element of [video, picture]) {
    element.style.cssText += "position:absolute;left:0;top:0;transform-origin:0 0;max-width:none";
  }
  const absent = document.createElement("div");
  absent.textContent = "No picture here";
  absent.hidden = true;
  absent.style.cssText =
    "position:absolute;inset:0;display:grid;place-items:center;color:var(--fg-2);font:var(--text-m) var(--font);background:repeating-linear-gradient(135deg,var(--bg-0) 0 10px,var(--bg-1) 10px 20px)";
  const status = document.createElement("div");
  status.style.cssText =
    "position:absolute;left:8px;bottom:8px;padding:2px 7px;border-radius:4px;background:#000b;color:#eceff3;font:var(--text-s) var(--mono);pointer-events:none;white-space:pre";
  root.append(video, picture);
  return { root, video, picture, absent, status };
}

/** `hidden` loses against an inline display: this wins. */
export function setVisible(element: HTMLElement, visible: boolean): void {
  element.hidden = !visible;
  element.style.visibility = visible ? "visible" : "hidden";
}
