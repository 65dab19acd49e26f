using System.Reflection;
using App;

if (args is ["version"])
{
    var version = typeof(Greeting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
    Console.WriteLine(version?.InformationalVersion ?? "dev");
    return;
}

Console.WriteLine(Greeting.To(args.FirstOrDefault() ?? "world"));
