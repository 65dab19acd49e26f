using App.Components;

namespace App;

public static class Server
{
    /// <summary>The server with its routes, not yet started.</summary>
    public static WebApplication Build(string[] args, string port)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, port);
        builder.Services.AddHealthChecks();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();

        var app = builder.Build();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapHealthChecks(Health.Path);
        app.MapRazorComponents<Root>().AddInteractiveServerRenderMode();
        return app;
    }
}
