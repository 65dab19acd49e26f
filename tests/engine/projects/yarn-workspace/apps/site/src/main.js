import { greeting } from "@shop/greet";

document.querySelector("#greeting").textContent = greeting("shop");
