namespace App.Models;

public sealed record Greeting(string Name);
