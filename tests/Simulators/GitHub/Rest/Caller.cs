using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Who makes a call.</summary>
internal abstract record Caller
{
    public static Caller None { get; } = new Anonymous();

    /// <summary>Names the caller in the call log and in rate limits.</summary>
    public abstract string Key { get; }

    /// <summary>In whose name the caller acts; null for one who cannot act.</summary>
    public Actor? Actor(World world) => this switch
    {
        Installed => world.App,
        Person person => new Actor(person.Account),
        _ => null,
    };

    internal sealed record Anonymous : Caller
    {
        public override string Key => "anonymous";
    }

    /// <summary>The app itself, by a signed JWT.</summary>
    internal sealed record App : Caller
    {
        public override string Key => "app";
    }

    /// <summary>The app on an account, by an installation access token.</summary>
    internal sealed record Installed(Installation Installation, AccessToken Token) : Caller
    {
        public override string Key => $"installation {Installation.Id}";
    }

    /// <summary>A user, by a personal access token.</summary>
    internal sealed record Person(Account Account) : Caller
    {
        public override string Key => Account.Login;
    }
}
