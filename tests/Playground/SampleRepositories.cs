using Bots.Simulators.GitHub;

namespace Bots.Playground;

/// <summary>Puts the repositories beneath <c>sample</c> into the simulated GitHub, with an open pull request of a person.</summary>
internal static class SampleRepositories
{
    public const string Calculator = Cast.Owner + "/calculator";

    public const string Website = Cast.Owner + "/website";

    private const string LoansBranch = "ben/loan-payments";

    private const string LoansDescription =
        """
        Adds `monthlyPayment(amount, yearlyPercent, months)`, so that invoices can be paid in parts.

        - [x] Calculation
        - [x] Tests
        - [ ] A green build: **one of the new tests fails**, the payment comes out far too high, and I can't see why.

        ```js
        monthlyPayment(1_000_000, 6, 24);   // should be 44_321
        ```
        """;

    public static IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [Calculator] = "Money and calendar arithmetic for invoices",
        [Website] = "Front page, HTML and CSS",
    };

    /// <param name="samples">The folder with the files.</param>
    public static async Task Seed(GitHubSimulator github, string samples)
    {
        foreach (var (repository, description) in Descriptions)
        {
            var name = repository[(Cast.Owner.Length + 1)..];
            await github.CreateRepository(Cast.Owner, name, Files(samples, name), description: description);
            foreach (var person in Cast.People) github.SetPermission(repository, person.Login, person.Role);
        }

        await Commit(github, samples, "calculator-loans", LoansBranch, "Calculate what a loan costs each month", "ben");
        await github.OpenPullRequest("ben", Calculator, "Calculate loan payments", LoansDescription, LoansBranch);
        await Commit(github, samples, "calculator-centuries", "main", "Test leap years at the turn of a century", "ana");
    }

    private static Task<string> Commit(GitHubSimulator github, string samples, string folder, string branch, string message, string author) =>
        github.Commit(Calculator, branch, Files(samples, folder).ToDictionary(f => f.Key, f => (string?)f.Value), message, author);

    private static Dictionary<string, string> Files(string samples, string folder)
    {
        var root = Path.Combine(samples, folder);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText);
    }
}
