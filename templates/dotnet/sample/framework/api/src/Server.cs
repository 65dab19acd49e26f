using System.Reflection;
using System.Text.Json.Serialization;

namespace App;

public static class Server
{
    /// <summary>The server with its routes, not yet started.</summary>
    public static WebApplication Build(string[] args, string port)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, port);
        builder.Services.AddHealthChecks();
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Default));

        var app = builder.Build();
        app.MapHealthChecks(Health.Path);
        app.MapGet("/", () => new Greeting("Hello, world!", Version));
        return app;
    }

    private static string Version =>
        typeof(Server).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "dev";
}

public sealed record Greeting(string Message, string Version);

// Made when the program is compiled: nothing is looked up by reflection, which trimmed programs cannot do.
[JsonSerializable(typeof(Greeting))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class Json : JsonSerializerContext;
