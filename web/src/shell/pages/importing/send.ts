/** Sends an import: a file with its progress, or a path of the server's own disk. */
import type { ErrorBody } from "../../../model/changes";
import type { ImportReport } from "../../../model/statistics";
import { type Api, ApiError } from "../../../store/api";

export interface ImportRequest {
  readonly format: string;
  readonly source: File | string;
  readonly isDryRun: boolean;
  readonly layer: string;
  readonly options: Readonly<Record<string, string>>;
  /** Labels of the source and the classes they mean. */
  readonly classMap: Readonly<Record<string, string>>;
}

/** The address of an import; empty options and mappings are left out. */
export function importPath(api: Api, request: ImportRequest): string {
  const query = new URLSearchParams({ format: request.format });
  if (request.isDryRun) query.set("dry_run", "true");
  if (request.layer.trim() !== "") query.set("layer", request.layer.trim());
  for (const [name, value] of Object.entries(request.options))
    if (value !== "") query.append("option", `${name}=${value}`);
  for (const [label, id] of Object.entries(request.classMap)) if (id !== "") query.append("map", `${label}=${id}`);
  if (request.source instanceof File) query.set("name", request.source.name);
  return `${api.path("/imports")}?${query}`;
}

/** The report. `onProgress` hears which part (0 to 1) of the file is sent. Raises ApiError. */
export async function sendImport(
  api: Api,
  request: ImportRequest,
  onProgress: (part: number) => void,
): Promise<ImportReport> {
  const path = importPath(api, request);
  if (typeof request.source === "string") return api.post<ImportReport>(path, { path: request.source });
  const { csrf } = await api.session();
  return upload(`${api.base}${path}`, request.source, csrf, onProgress);
}

function upload(url: string, file: File, csrf: string, onProgress: (part: number) => void): Promise<ImportReport> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    const isZip = file.name.toLowerCase().endsWith(".zip");
    request.setRequestHeader("content-type", isZip ? "application/zip" : "application/octet-stream");
    request.setRequestHeader("X-Braid-CSRF", csrf);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as ImportReport);
      else reject(new ApiError(request.status, errorIn(request)));
    });
    request.addEventListener("error", () => {
      reject(new ApiError(0, { code: "offline", message: "The server does not answer", where: "", hint: "" }));
    });
    request.send(file);
  });
}

function errorIn(request: XMLHttpRequest): ErrorBody {
  const fallback = { code: "http", message: `The server answered ${request.status}`, where: "", hint: "" };
  try {
    const body = JSON.parse(request.responseText) as { error?: Partial<ErrorBody> };
    return { ...fallback, ...body.error };
  } catch {
    return fallback;
  }
}
