namespace App;

public static class Server
{
    /// <summary>The server with its routes, not yet started.</summary>
    public static WebApplication Build(string[] args, string port)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, port);
        builder.Services.AddHealthChecks();
        builder.Services.AddControllersWithViews().AddApplicationPart(typeof(Server).Assembly);

        var app = builder.Build();
        app.UseStaticFiles();
        app.MapHealthChecks(Health.Path);
        app.MapDefaultControllerRoute();
        return app;
    }
}
