using Bots.Playground;

return await Stage.Run(args, Console.Out);
