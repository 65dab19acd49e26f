import { greeting } from "./greeting.ts";

export default function Home() {
  return (
    <main>
      <h1>{greeting()}</h1>
    </main>
  );
}
