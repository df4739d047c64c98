/** Small parts that several pages use. */
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { go } from "./route";

/** A link within the workspace; with a modifier the browser opens it as it always does. */
export function Anchor(props: {
  readonly href: string;
  readonly className?: string;
  /** The page that is shown. */
  readonly isCurrent?: boolean;
  /** Arrow keys of the list around it stop here. */
  readonly isRoving?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <a
      href={props.href}
      className={props.className}
      aria-current={props.isCurrent === true ? "page" : undefined}
      data-rove={props.isRoving === true ? "" : undefined}
      onClick={(event) => follow(event, props.href)}
    >
      {props.children}
    </a>
  );
}

/** A click on a link stays in the workspace, unless the person asked for another tab. */
export function follow(event: MouseEvent, href: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(href);
}

/** A native modal dialog that is open as long as it is mounted. */
export function Dialog(props: {
  readonly label: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={props.label}
      className={props.className ?? ""}
      onClose={props.onClose}
      onPointerDown={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      {props.children}
    </dialog>
  );
}

export function Empty(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="empty">
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}

export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <div className="empty" role="alert">
      <h2>This could not be loaded</h2>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {onRetry !== undefined && (
        <button type="button" className="primary" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
