using System.Security.Cryptography;
using System.Text;
using Bots.Simulators.GitHub.State;

namespace Bots.Simulators.GitHub.Rest;

/// <summary>Finds out who calls.</summary>
internal sealed class Authentication(World world, AppJwt jwt)
{
    /// <summary>The caller of an <c>Authorization</c> header.</summary>
    /// <exception cref="ApiException">401: the credentials are bad.</exception>
    public Caller ByHeader(string authorization)
    {
        if (authorization.Length == 0) return Caller.None;
        var parts = authorization.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts is not [var scheme, var value]) throw ApiException.BadCredentials();
        var bearer = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);
        if (!bearer && !scheme.Equals("token", StringComparison.OrdinalIgnoreCase)) throw ApiException.BadCredentials();
        if (!bearer || !LooksLikeJwt(value)) return ByToken(value) ?? throw ApiException.BadCredentials();
        return jwt.Problem(value) is { } problem ? throw new ApiException(401, problem) : new Caller.App();
    }

    /// <summary>The caller of an installation token or of the personal token; null for a token unknown, revoked or expired.</summary>
    public Caller? ByToken(string token)
    {
        if (world.Options.Token is { } personal
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(personal), Encoding.UTF8.GetBytes(token)))
            return new Caller.Person(world.Accounts[world.Options.TokenLogin]);
        if (!world.Tokens.TryGetValue(token, out var found) || found.ExpiresAt <= world.Options.Time.GetUtcNow()) return null;
        return world.Installations.TryGetValue(found.InstallationId, out var installation) && installation.SuspendedAt is null
            ? new Caller.Installed(installation, found)
            : null;
    }

    /// <summary>A new token in the stateless format: <c>ghs_</c>, the app id, and something as long as a JWT, of varying length.</summary>
    public static string NewToken(long appId)
    {
        var claims = RandomNumberGenerator.GetHexString(RandomNumberGenerator.GetInt32(120, 240), lowercase: true);
        return $"ghs_{appId}_eyJhbGciOiJFUzI1NiJ9.{claims}.{RandomNumberGenerator.GetHexString(86, lowercase: true)}";
    }

    private static bool LooksLikeJwt(string value) =>
        value.Count(c => c == '.') == 2 && !value.StartsWith("gh", StringComparison.Ordinal);
}
