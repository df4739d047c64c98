/** The HTTP API as typed calls. Every failure is an ApiError with the server's letter in it. */
import type {
  BatchResult,
  ChangeSet,
  Commit,
  DiffView,
  ErrorBody,
  FindingView,
  Outcome,
  Page,
  ProjectSummary,
  RevisionView,
  SampleSummary,
  SampleView,
  Session,
  Versioned,
} from "../model/changes";
import type { Proposal } from "../model/proposals";
import type { Layer, Ontology } from "../model/records";
import type { FormatInfo, ProjectStatistics } from "../model/statistics";

export type StreamPart =
  | "media"
  | "thumbnail"
  | "picture"
  | "frames"
  | "peaks"
  | "peaks.bin"
  | "points"
  | "points.bin"
  | "text"
  | "series"
  | "spectrogram"
  | "spectrogram.bin"
  | `frame/${number}`;

export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super([body.where, body.message, body.hint].filter((part) => part !== "").join(". "));
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }

  /** Whether the same request may succeed later without a change. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;
type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export class Api {
  readonly base: string;
  readonly project: string;
  readonly #fetch: Fetch;
  #session: Promise<Session> | null = null;

  constructor(project = "", base = "/api", fetcher: Fetch = (url, init) => fetch(url, init)) {
    this.project = project;
    this.base = base;
    this.#fetch = fetcher;
  }

  session(): Promise<Session> {
    this.#session ??= this.get<Session>("/session").catch((error: unknown) => {
      this.#session = null;
      throw error;
    });
    return this.#session;
  }

  projects(): Promise<Page<ProjectSummary>> {
    return this.get("/projects");
  }

  createProject(name: string, template: string): Promise<ProjectSummary> {
    return this.post("/projects", { name, template });
  }

  projectSummary(): Promise<ProjectSummary> {
    return this.get(this.path());
  }

  ontology(): Promise<Versioned<Ontology>> {
    return this.get(this.path("/ontology"));
  }

  statistics(): Promise<ProjectStatistics> {
    return this.get(this.path("/statistics"));
  }

  formats(): Promise<Page<FormatInfo>> {
    return this.get("/formats");
  }

  layers(): Promise<Page<Versioned<Layer>>> {
    return this.get(this.path("/layers"));
  }

  samples(query: Query): Promise<Page<SampleSummary>> {
    return this.get(this.path("/samples"), query);
  }

  /** A sample as it is, or as it was after commit `at`. */
  sample(key: string, at?: number): Promise<SampleView> {
    return this.get(this.path(`/samples/${encodeURIComponent(key)}`), { at });
  }

  /** Commits that touched a sample or a record, newest first; `next` continues as `before`. */
  commits(query: Query): Promise<Page<Commit>> {
    return this.get(this.path("/commits"), query);
  }

  diff(from: number, to: number, sample: string): Promise<DiffView> {
    return this.get(this.path("/diff"), { from, to, sample });
  }

  findings(sample: string): Promise<Page<FindingView>> {
    return this.get(this.path("/findings"), { sample });
  }

  proposals(sample: string): Promise<Page<Proposal>> {
    return this.get(this.path("/proposals"), { sample });
  }

  check(samples: readonly string[]): Promise<Page<FindingView>> {
    return this.post(this.path("/check"), { samples });
  }

  revisions(record: string): Promise<Page<RevisionView>> {
    return this.get(this.path(`/records/${record}/revisions`));
  }

  send(changeSets: readonly ChangeSet[]): Promise<BatchResult> {
    return this.post(this.path("/changes"), { change_sets: changeSets });
  }

  undo(seq: number, id: string): Promise<Outcome> {
    return this.post(this.path("/undo"), { seq, id });
  }

  eventsUrl(after: number): string {
    return `${this.base}${this.path("/events")}?after=${after}`;
  }

  /** The address of a stream's media or of something derived from it. */
  streamUrl(stream: string, part: StreamPart, query: Query = {}): string {
    return `${this.base}${this.path(`/streams/${stream}/${part}`)}${queryText(query)}`;
  }

  /** JSON derived from a stream, for example its frames, peaks, points, text or series. */
  streamJson<T>(stream: string, part: StreamPart, query: Query = {}): Promise<T> {
    return this.get(this.path(`/streams/${stream}/${part}`), query);
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#answer(`${this.base}${path}${queryText(query)}`, { headers: { accept: "application/json" } });
  }

  /** A token of before the server's restart is refused once; then a fresh one is asked for. */
  async post<T>(path: string, body: unknown): Promise<T> {
    try {
      return await this.#postOnce(path, body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      return await this.#postOnce(path, body);
    }
  }

  async #postOnce<T>(path: string, body: unknown): Promise<T> {
    const { csrf } = await this.session();
    return this.#answer(`${this.base}${path}`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json", "X-Braid-CSRF": csrf },
      body: JSON.stringify(body),
    });
  }

  path(rest = ""): string {
    return `/projects/${encodeURIComponent(this.project)}${rest}`;
  }

  async #answer<T>(url: string, init: RequestInit): Promise<T> {
    let response: Response;
    try {
      response = await this.#fetch(url, init);
    } catch {
      throw new ApiError(0, { code: "offline", message: "The server does not answer", where: "", hint: "" });
    }
    if (response.ok) return (await response.json()) as T;
    if (response.status === 403) this.#session = null;
    throw new ApiError(response.status, await errorOf(response));
  }
}

export async function errorOf(response: Response): Promise<ErrorBody> {
  const fallback = { code: "http", message: `The server answered ${response.status}`, where: "", hint: "" };
  try {
    const body = (await response.json()) as { error?: Partial<ErrorBody> };
    return { ...fallback, ...body.error };
  } catch {
    return fallback;
  }
}

function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
