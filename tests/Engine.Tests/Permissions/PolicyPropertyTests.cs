using System.Diagnostics;
using Bots.Engine.Permissions;
using Bots.Engine.Repositories;
using Bots.Engine.Tests.World;
using static Bots.Engine.Tests.Permissions.Rules;

namespace Bots.Engine.Tests.Permissions;

/// <summary>What holds for every command, tried on many that nobody thought of.</summary>
public sealed class PolicyPropertyTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "npm", "npm", "npm", "npm test", "npm test", " ", " ", " ", " ", "test", "curl", "curl x", ";", "&&", "||", "|", "&", "\n", "\t", "'", "'", "\"", "\"", "\\", "$X", "$(curl)", "`curl`", "#", "(", ")",
        "{", "}", ">x", "<x", "2>&1", "*", "?", "!", "~", "=", "A=1", "[", "]", "if", "then", "fi", "do", "done", "eval", "x", "-", "\r", "\u00a0", "é", ";;", "|&", "$", "`", ",", "%", "^", "@", ":", "alias npm=curl", "'a b'", "\"a;b\"",
    ];

    private readonly DirectoryInfo _directory = TestDirectory.Create();

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("/bin/bash")]
    public void What_is_allowed_runs_nothing_but_what_the_rule_names(string shell)
    {
        var random = new Random(20260417);
        var programs = _directory.CreateSubdirectory("programs");
        var ran = Path.Combine(_directory.FullName, "ran");
        foreach (var name in (string[])["npm", "curl", "test", "x", "ls"]) Program(programs, name, ran);
        var (tried, allowed) = (0, new HashSet<string>(StringComparer.Ordinal));
        while (allowed.Count < 150)
        {
            tried.ShouldBeLessThan(1_000_000);
            tried++;
            var command = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (Allowed(command, "npm*") == PolicyVerdict.Allow) allowed.Add(command);
        }

        foreach (var command in allowed)
        {
            Run(shell, command, programs.FullName);
            var names = System.IO.File.Exists(ran) ? System.IO.File.ReadAllLines(ran).Distinct() : [];
            names.ShouldBeSubsetOf(["npm"], command);
            System.IO.File.Delete(ran);
        }

        Directory.GetFileSystemEntries(Path.Combine(_directory.FullName, "work")).ShouldBeEmpty();
    }

    [Fact]
    public void A_denied_part_denies_every_chain_it_stands_in()
    {
        var random = new Random(7);
        string[] links = [";", "&&", "||", "|", "&", "\n", " ; ", " && ", "|&", "\n\n"];
        for (var i = 0; i < 2_000; i++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(2) == 0 ? "npm test" : "echo 'a b'").ToList();
            parts.Insert(random.Next(parts.Count + 1), "git push origin");
            var command = string.Concat(parts.Select(part => part + links[random.Next(links.Length)]));

            Decide(Rules.Run(command), Of(allow: ["*"], deny: ["git push*"])).Verdict.ShouldBe(PolicyVerdict.Deny, command);
        }
    }

    [Fact]
    public void More_rules_that_ask_or_deny_never_loosen_anything_and_a_repository_never_outdoes_its_organisation()
    {
        var random = new Random(42);
        string[] patterns = ["*", "npm*", "npm test", "curl*", "*x*", "execute: test*", "edit: *", "* *"];
        for (var i = 0; i < 20_000; i++)
        {
            var call = Rules.Run(string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => Pieces[random.Next(Pieces.Length)])));
            var (organisation, repository) = (Some(), Some());
            var usual = Strictness(Decide(call, new PolicyRules(organisation, repository)).Verdict);
            var rule = patterns[random.Next(patterns.Length)];

            Strictness(Decide(call, new PolicyRules(organisation, repository with { Ask = [.. repository.Ask, rule] })).Verdict).ShouldBeGreaterThanOrEqualTo(usual);
            Strictness(Decide(call, new PolicyRules(organisation, repository with { Deny = [.. repository.Deny, rule] })).Verdict).ShouldBeGreaterThanOrEqualTo(usual);
            Strictness(Decide(call, new PolicyRules(organisation, repository with { Allow = [.. repository.Allow, rule] })).Verdict).ShouldBeLessThanOrEqualTo(usual);
            var alone = Decide(call, new PolicyRules(organisation with { Allow = ["*"] }, new ToolRules())).Verdict;
            if (alone != PolicyVerdict.Allow)
                Strictness(Decide(call, new PolicyRules(organisation, repository with { Allow = ["*", .. patterns] })).Verdict).ShouldBeGreaterThanOrEqualTo(Strictness(alone), call.Command);
        }

        ToolRules Some() => new() { Allow = Few(), Ask = Few(), Deny = Few() };
        string[] Few() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => patterns[random.Next(patterns.Length)])];
    }

    [Fact]
    public void A_star_is_any_text_and_the_rest_is_itself()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var (pattern, text) = (Letters("ab*"), Letters("ab"));
            var expected = System.Text.RegularExpressions.Regex.IsMatch(text, $"^{pattern.Replace("*", ".*", StringComparison.Ordinal)}$");

            Wildcard.Matches(pattern, text).ShouldBe(expected, $"{pattern} and {text}");
        }

        string Letters(string from) => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => from[random.Next(from.Length)]));
    }

    private static int Strictness(PolicyVerdict verdict) => (int)verdict;

    private static void Program(DirectoryInfo folder, string name, string ran)
    {
        var file = Path.Combine(folder.FullName, name);
        System.IO.File.WriteAllText(file, $"#!/bin/sh\necho {name} >>'{ran}'\n");
        using var chmod = Process.Start("chmod", ["500", file]);
        chmod.WaitForExit();
    }

    private void Run(string shell, string command, string programs)
    {
        var start = new ProcessStartInfo(shell, ["-c", command])
        {
            WorkingDirectory = _directory.CreateSubdirectory("work").FullName, RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = programs;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }
}
