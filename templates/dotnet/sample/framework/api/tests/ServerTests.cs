using Microsoft.AspNetCore.Builder;
using Xunit;

namespace App;

public class ServerTests
{
    [Theory]
    [InlineData("/", "Hello, world!")]
    [InlineData("/healthz", "Healthy")]
    public async Task Answers(string path, string expected)
    {
        await using var app = Server.Build([], "0");
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Contains(expected, await client.GetStringAsync(path));
    }
}
