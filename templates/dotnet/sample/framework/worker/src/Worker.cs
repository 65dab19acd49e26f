namespace App;

/// <summary>Does a round of work every five seconds; on SIGTERM the round in hand is completed.</summary>
public sealed class Worker(ILogger<Worker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        try
        {
            for (var round = 1; ; round++)
            {
                log.LogInformation("{Message}", Work(round));
                await timer.WaitForNextTickAsync(stopping);
            }
        }
        catch (OperationCanceledException)
        {
            log.LogInformation("stopped");
        }
    }

    /// <summary>One round of work.</summary>
    public static string Work(int round) => $"working, round {round}";
}
