/** The floors of the workspace. Each rule carries its reason; a failure prints the import that broke it. */
const FLOORS = ["base", "(?:model|api)", "store", "playhead", "(?:panes|tools)", "shell", "app"];

/** No folder imports from a floor above its own. */
const floorRules = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `floor-${floor.replace(/[^a-z|]/g, "").replace("|", "-or-")}`,
  severity: "error",
  comment: `src/${floor} imports from a floor above it. Move the code down, or hand the value in.`,
  from: { path: `^src/${floor}/` },
  to: { path: `^src/(?:${FLOORS.slice(index + 1).join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...floorRules,
    {
      name: "panes-are-strangers",
      severity: "error",
      comment: "Panes meet in the store, the playhead and the selection. What several draw with lives in panes/shared.",
      from: { path: "^src/panes/([^/]+)/", pathNot: "^src/panes/shared/" },
      to: { path: "^src/panes/[^/]+/", pathNot: ["^src/panes/$1/", "^src/panes/shared/"] },
    },
    {
      name: "shared-knows-no-pane",
      severity: "error",
      comment: "panes/shared serves every pane, so it knows none of them, only what a pane is.",
      from: { path: "^src/panes/shared/" },
      to: { path: "^src/panes/(?!shared/|pane[.]ts$)" },
    },
    {
      name: "panes-and-tools-are-neighbours",
      severity: "error",
      comment: "A tool turns a gesture into a change set and a pane draws the store: neither calls the other.",
      from: { path: "^src/(panes|tools)/" },
      to: { path: "^src/(?:panes|tools)/", pathNot: "^src/($1|panes/shared)/" },
    },
    {
      name: "model-and-api-are-neighbours",
      severity: "error",
      comment: "The generated client stands alone; the store brings client and nouns together.",
      from: { path: "^src/api/" },
      to: { path: "^src/(?:base|model)/" },
    },
    {
      name: "react-is-chrome-only",
      severity: "error",
      comment: "Panes are framework-free classes that read the store; React stays in shell and app.",
      from: { path: "^src/", pathNot: "^src/(?:shell|app)/" },
      to: { path: "node_modules/(?:react|react-dom|dockview-react|@tanstack/react-query)/" },
    },
    {
      name: "heavy-libraries-are-lazy",
      severity: "error",
      comment: "three, uplot and mediabunny must not load before the first pane paints: use import().",
      from: { path: "^src/(?:base|model|api|store|shell|app)/" },
      to: { path: "node_modules/(?:three|uplot|mediabunny)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "A cycle means two modules are one; merge them or lift what they share.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-unresolvable",
      severity: "error",
      comment: "The import points at nothing.",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-development-libraries",
      severity: "error",
      comment: "What ships may not lean on a development dependency.",
      from: { path: "^src/", pathNot: ["[.]test[.]tsx?$", "/testing/"] },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default", "types"] },
  },
};
