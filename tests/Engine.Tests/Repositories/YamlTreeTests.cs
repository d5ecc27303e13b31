using System.Text;
using Bots.Engine.Repositories;

namespace Bots.Engine.Tests.Repositories;

/// <summary>Files made to hurt.</summary>
public class YamlTreeTests
{
    [Fact]
    public void Aliases_do_not_multiply()
    {
        var bomb = new StringBuilder("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var c = 'b'; c <= 'i'; c++) bomb.Append($"{c}: &{c} [*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)},*{(char)(c - 1)}]\n");

        var settings = BotsFile.Read(".bots.yml", bomb.ToString());

        settings.Remarks.Count.ShouldBe(Remarks.Most + 1);
        settings.Remarks[0].ShouldBe(".bots.yml, line 2, column 8: *a is an alias; they are not read here. Write it out, or put it in quotes if it is meant as it stands.");
    }

    [Fact]
    public void An_alias_where_a_value_belongs_is_told_once()
    {
        var settings = BotsFile.Read(".bots.yml", "start: &x npm ci\nsetup: *x\n");

        (settings.Start, settings.Setup).ShouldBe(("npm ci", null));
        settings.Remarks.ShouldHaveSingleItem().ShouldStartWith(".bots.yml, line 2, column 8: *x is an alias");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("[{a: ")]
    public void Depth_has_an_end(string opening)
    {
        var started = TimeProvider.System.GetTimestamp();

        var settings = BotsFile.Read(".bots.yml", string.Concat(Enumerable.Repeat(opening, (YamlTree.MostCharacters / opening.Length) - 1)));

        settings.Remarks.ShouldHaveSingleItem().ShouldContain("nested deeper than 10 levels");
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Size_has_an_end() =>
        BotsFile.Read(".bots.yml", "setup: " + new string('x', YamlTree.MostCharacters)).Remarks.ShouldHaveSingleItem().ShouldBe(
            ".bots.yml, line 1, column 1: the file is larger than 64 KiB; make it smaller. Until then nothing in this file holds.");

    [Fact]
    public void The_number_of_things_has_an_end() =>
        BotsFile.Read(".bots.yml", $"network: [{string.Join(',', Enumerable.Repeat("npm", 5_000))}]").Remarks.ShouldHaveSingleItem().ShouldContain("holds too much");

    [Fact]
    public void A_long_list_is_read_to_a_point()
    {
        var settings = BotsFile.Read(".bots.yml", $"network: [{string.Join(',', Enumerable.Repeat("npm", 101))}]");

        settings.Network.Count.ShouldBe(100);
        settings.Remarks.ShouldHaveSingleItem().ShouldContain("only the first 100 of this list are read");
    }

    [Fact]
    public void Nothing_that_is_written_there_brings_the_reader_down()
    {
        var random = new Random(11);
        string[] pieces = ["setup", "tools", "allow", "deny", "environment", "image", ": ", ":", " ", "  ", "\n", "\n  ", "- ", "[", "]", "{", "}", ",", "\"", "'", "*", "&a ", "*a", "!!str ", "|", ">", "#", "---\n", "%", "\t", "~", "npm test", "é", "\u2028", "\0", "?", "<<: "];
        for (var i = 0; i < 4_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));
            BotsFile.Read(".bots.yml", text).Remarks.ShouldAllBe(remark => remark.StartsWith(".bots.yml", StringComparison.Ordinal), text);
        }
    }
}
