/** The application as a whole: the only place that knows every pane. */
export function App() {
  return (
    <main>
      <h1>Braid</h1>
    </main>
  );
}
