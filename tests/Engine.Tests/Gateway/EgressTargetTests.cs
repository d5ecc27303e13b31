using Bots.Engine.Gateway;

namespace Bots.Engine.Tests.Gateway;

public sealed class EgressTargetTests
{
    [Theory]
    [InlineData("example.com:443", "example.com:443")]
    [InlineData("Registry.Example.COM:8443", "registry.example.com:8443")]
    [InlineData("example.com.:443", "example.com:443")]
    [InlineData("my_host-1.example:1", "my_host-1.example:1")]
    [InlineData("xn--bcher-kva.example:65535", "xn--bcher-kva.example:65535")]
    [InlineData("93.184.216.34:80", "93.184.216.34:80")]
    [InlineData("[2606:4700:0:0::1111]:443", "[2606:4700::1111]:443")]
    [InlineData("[::FFFF:10.0.0.1]:443", "[::ffff:10.0.0.1]:443")]
    [InlineData("1password.com:443", "1password.com:443")]
    [InlineData("0x.example:443", "0x.example:443")]
    public void A_target_has_one_spelling(string text, string spelling)
    {
        EgressTarget.TryParse(text, null, out var target, out _).ShouldBeTrue();

        target!.ToString().ShouldBe(spelling);
        EgressTarget.TryParse(spelling, null, out var again, out _).ShouldBeTrue();
        again.ShouldBe(target);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":443")]
    [InlineData("example.com")]
    [InlineData("example.com:")]
    [InlineData("example.com:0")]
    [InlineData("example.com:65536")]
    [InlineData("example.com:99999999999")]
    [InlineData("example.com:-1")]
    [InlineData("example.com:+443")]
    [InlineData("example.com:0443")]
    [InlineData("example.com:443 ")]
    [InlineData("example.com:https")]
    [InlineData("example.com:443/path")]
    [InlineData("user@example.com:443")]
    [InlineData("user:pass@example.com:443")]
    [InlineData("evil.example@127.0.0.1:443")]
    [InlineData("example.com..:443")]
    [InlineData("exa mple.com:443")]
    [InlineData("ex\0ample.com:443")]
    [InlineData("ex%61mple.com:443")]
    [InlineData("example.com%00.evil:443")]
    [InlineData("bücher.example:443")]
    [InlineData("example。com:443")]
    [InlineData("①②⑦.⓪.⓪.①:443")]
    [InlineData("-a.example:443")]
    [InlineData("a-.example:443")]
    [InlineData("*.example.com:443")]
    [InlineData("2130706433:80")]
    [InlineData("0x7f000001:80")]
    [InlineData("0x7f.0x0.0x0.0x1:80")]
    [InlineData("0177.0.0.1:80")]
    [InlineData("017700000001:80")]
    [InlineData("127.1:80")]
    [InlineData("127.0.1:80")]
    [InlineData("127.0.0.01:80")]
    [InlineData("127.0.0.1.:80")]
    [InlineData("127.0.0.256:80")]
    [InlineData("example.0x7f:80")]
    [InlineData("1.2.3.4.5:80")]
    [InlineData("[::1:80")]
    [InlineData("::1]:80")]
    [InlineData("::1:80")]
    [InlineData("[]:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]x:80")]
    [InlineData("[fe80::1%eth0]:80")]
    [InlineData("[fe80::1%251]:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[v1.fe80::a+en1]:80")]
    public void Anything_else_is_none(string text)
    {
        EgressTarget.TryParse(text, null, out var target, out var problem).ShouldBeFalse();

        target.ShouldBeNull();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void A_name_may_have_labels_of_63_and_253_characters_in_all()
    {
        var label = new string('a', 63);

        EgressTarget.TryParse($"{label}.example:1", null, out _, out _).ShouldBeTrue();
        EgressTarget.TryParse($"a{label}.example:1", null, out _, out _).ShouldBeFalse();
        EgressTarget.TryParse($"{label}.{label}.{label}.{label[..61]}:1", null, out _, out _).ShouldBeTrue();
        EgressTarget.TryParse($"{label}.{label}.{label}.{label[..62]}:1", null, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Where_a_port_may_be_left_out_it_is_the_schemes()
    {
        EgressTarget.TryParse("example.com", 80, out var target, out _).ShouldBeTrue();
        target.ShouldBe(new EgressTarget("example.com", 80));
        EgressTarget.TryParse("[2606:4700::1111]", 80, out target, out _).ShouldBeTrue();
        target!.ToString().ShouldBe("[2606:4700::1111]:80");
        EgressTarget.TryParse("example.com:", 80, out _, out _).ShouldBeFalse();
    }
}
