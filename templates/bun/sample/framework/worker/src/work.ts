/** One turn of what this program is for. */
export async function work() {
  console.log("working");
}
