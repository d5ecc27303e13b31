using System.Text.Json;

namespace Bots.Simulators.Slack.State;

/// <summary>Modals on people's screens.</summary>
internal sealed class ViewStore(ChangeSignal changes)
{
    private readonly Lock _lock = new();
    private readonly List<SlackView> _views = [];

    public IReadOnlyList<SlackView> All
    {
        get
        {
            lock (_lock)
                return [.. _views];
        }
    }

    public SlackView? Find(string id) => All.FirstOrDefault(v => v.Id == id);

    public SlackView Open(string user, JsonElement content, SlackView? below)
    {
        var id = SlackIds.New("V");
        var view = new SlackView { Id = id, User = user, Content = content, Hash = NewHash(), RootId = below?.RootId ?? id, PreviousId = below?.Id };
        lock (_lock)
            _views.Add(view);
        changes.Raise();
        return view;
    }

    public SlackView Update(string id, JsonElement content) => Change(id, v => v with { Content = content, Hash = NewHash() });

    public void Close(string id) => Change(id, v => v with { IsOpen = false });

    /// <summary>How many views lie on top of each other.</summary>
    public int Depth(SlackView view) => All.Count(v => v.RootId == view.RootId && v.IsOpen);

    private SlackView Change(string id, Func<SlackView, SlackView> change)
    {
        SlackView changed;
        lock (_lock)
        {
            var i = _views.FindIndex(v => v.Id == id);
            changed = _views[i] = change(_views[i]);
        }

        changes.Raise();
        return changed;
    }

    private static string NewHash() => SlackIds.Secret(16);
}
