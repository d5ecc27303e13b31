namespace Bots.Playground;

/// <summary>What the command line says.</summary>
internal sealed record PlaygroundOptions
{
    public const string Usage =
        """
        dotnet run --project tests/Playground -- [options]

          --port PORT    where the page is served on 127.0.0.1 (8090)
          --data FOLDER  where the service keeps its data; emptied at each start (playground-data)
        """;

    /// <summary>Of the page; 0 takes a free one.</summary>
    public int Port { get; init; } = 8090;

    public string DataDirectory { get; init; } = "playground-data";

    /// <exception cref="FormatException">Something is not understood; the message says what.</exception>
    public static PlaygroundOptions Parse(IReadOnlyList<string> args)
    {
        var options = new PlaygroundOptions();
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--port" => options with { Port = ParsePort(value) },
                "--data" when value.Length > 0 => options with { DataDirectory = value },
                _ => throw new FormatException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static int ParsePort(string text) =>
        ushort.TryParse(text, out var port) ? port : throw new FormatException($"{text} is not a port.");
}
