import { greeting } from "./greeting.js";

export function App() {
  return <h1>{greeting(location.pathname)}</h1>;
}
