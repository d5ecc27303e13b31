using Bots.Simulators.GitHub.Operations;

namespace Bots.Simulators.Tests.GitHub;

public sealed class TaskListTests
{
    [Theory]
    [InlineData("- [ ] Approve", "Approve:False")]
    [InlineData("* [x] Done\n1. [X] Also\n  + [ ] Deeper", "Done:True Also:True Deeper:False")]
    [InlineData("> - [ ] Quoted", "Quoted:False")]
    [InlineData("```\n- [ ] Code\n```\n- [ ] Real", "Real:False")]
    [InlineData("````md\n```\n- [ ] Code\n```\n````\n- [ ] Real", "Real:False")]
    [InlineData("<!-- \n- [ ] Hidden\n-->\n- [ ] Real", "Real:False")]
    [InlineData("- [ ]\n-[ ] none\n- [] none\ntext - [ ] none", "")]
    public void Items_are_found_where_the_page_shows_them(string body, string expected) =>
        string.Join(' ', TaskList.Find(body).Select(i => $"{i.Label}:{i.Checked}")).ShouldBe(expected);

    [Fact]
    public void A_click_changes_one_mark_and_a_second_click_changes_it_back()
    {
        const string body = "a\r\n- [ ] one\r\n- [ ] two\r\n";

        var ticked = TaskList.Toggle(body, TaskList.Find(body)[1]);

        ticked.ShouldBe("a\r\n- [ ] one\r\n- [x] two\r\n");
        TaskList.Toggle(ticked, TaskList.Find(ticked)[1]).ShouldBe(body);
    }
}
