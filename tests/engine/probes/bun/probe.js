// Asks the production image, through its own interpreter, for an HTTPS answer and for the time in Tokyo.
fetch("https://registry.npmjs.org/isarray")
  .then((answer) => console.log("https", answer.status))
  .catch((error) => console.log(error));

const zone = { timeZone: "Asia/Tokyo", timeZoneName: "shortOffset" };
const parts = new Intl.DateTimeFormat("en", zone).formatToParts(0);
console.log("zone", parts.find((part) => part.type === "timeZoneName").value.replace("GMT+", ""));
