import { greeting } from "./greeting";

export default function Page() {
  return (
    <main>
      <h1>{greeting()}</h1>
    </main>
  );
}
