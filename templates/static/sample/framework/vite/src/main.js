import { greeting } from "./greeting.js";
import "./style.css";

const heading = document.createElement("h1");
heading.textContent = greeting(location.pathname);
document.querySelector("#app").append(heading);
