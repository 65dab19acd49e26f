namespace App;

/// <summary>What the image's HEALTHCHECK calls: `healthcheck` as the only argument asks the running server.</summary>
public static class Health
{
    public const string Path = "/healthz";

    public static async Task<int> AskAsync(string port)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            using var answer = await client.GetAsync($"http://127.0.0.1:{port}{Path}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
