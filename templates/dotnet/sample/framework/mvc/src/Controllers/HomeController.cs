using App.Models;
using Microsoft.AspNetCore.Mvc;

namespace App.Controllers;

public sealed class HomeController : Controller
{
    [HttpGet]
    public IActionResult Index() => View(new Greeting("world"));

    [HttpPost]
    [ValidateAntiForgeryToken]
    public IActionResult Index(string name) => View(new Greeting(name));
}
