/** One turn of what this program is for. */
export async function work(): Promise<void> {
  await Promise.resolve();
  console.log("working");
}
