namespace App;

public static class Greeting
{
    public static string To(string name) => $"Hello, {(string.IsNullOrWhiteSpace(name) ? "nobody" : name.Trim())}!";
}
