/** The elements of the video pane. */
import { TimeBadge } from "../shared/time_badge";
import { Screen } from "./screen";

export interface VideoDom {
  readonly root: HTMLDivElement;
  readonly video: HTMLVideoElement;
  /** Lies over the element: the picture that everything drawn belongs to. */
  readonly screen: Screen;
  readonly absent: HTMLDivElement;
  readonly badge: TimeBadge;
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
  const screen = new Screen();
  for (const element of [video, screen.canvas]) {
    element.style.cssText += "position:absolute;left:0;top:0;transform-origin:0 0;max-width:none";
  }
  const absent = document.createElement("div");
  absent.hidden = true;
  absent.style.cssText =
    "position:absolute;inset:0;background:repeating-linear-gradient(135deg,var(--bg-0) 0 10px,var(--bg-1) 10px 20px)";
  root.append(video, screen.canvas);
  return { root, video, screen, absent, badge: new TimeBadge(title) };
}

/** `hidden` loses against an inline display: this wins. */
export function setVisible(element: HTMLElement, visible: boolean): void {
  element.hidden = !visible;
  element.style.visibility = visible ? "visible" : "hidden";
}
