namespace Bots.Sandbox.Shell;

/// <summary>How a command came to its end.</summary>
/// <param name="Shell">What has become of the shell; <see cref="ShellState.Renewed"/> for one that ended and has no successor yet.</param>
internal sealed record JailEnd(int? Code, ShellState Shell)
{
    /// <summary>It has not come to an end in time: its shell has to be ended.</summary>
    public static JailEnd Late { get; } = new(null, ShellState.Renewed);

    public static JailEnd Lost { get; } = new(null, ShellState.Lost);
}
