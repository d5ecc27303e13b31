namespace Bots.Simulators.GitHub.State;

public enum AccountType
{
    User,
    Organization,
    Bot,
}

/// <summary>A user, an organisation, or the bot user of an app.</summary>
public sealed record Account(string Login, long Id, AccountType Type = AccountType.User)
{
    public string? Name { get; init; }

    /// <summary>The address web commits of the account carry.</summary>
    public string Email => $"{Id}+{Login}@users.noreply.github.com";
}

/// <summary>Who does something, and whether the app does it for them.</summary>
internal sealed record Actor(Account Account, bool ViaApp = false);
