namespace Cairn.Primitives.Checksums.Lanes;

/// <summary>Keeps the lanes of a kernel filled with jobs of different lengths.</summary>
/// <remarks>
/// Steps: (1) empty lanes take the next jobs; (2) all lanes run until the shortest job ends; (3) jobs that ended give
/// their state back. Empty lanes recompute the blocks of a busy one, which costs nothing and needs no special case in
/// the kernel; the last job alone goes through the single-lane kernel, which is faster for one.
/// </remarks>
internal unsafe ref struct Md5LaneScheduler
{
    private const int NoJob = -1;

    private readonly Md5Kernel _kernel;
    private readonly Span<Md5Job> _jobs;
    private readonly uint* _states;
    private readonly byte** _blocks;
    private readonly int* _owners;
    private int _next;

    private Md5LaneScheduler(Md5Kernel kernel, Span<Md5Job> jobs, uint* states, byte** blocks, int* owners)
    {
        _kernel = kernel;
        _jobs = jobs;
        _states = states;
        _blocks = blocks;
        _owners = owners;
        new Span<int>(owners, kernel.LaneCount).Fill(NoJob);
    }

    /// <summary>Advances the state of every job over all its blocks.</summary>
    public static void Run(Md5Kernel kernel, Span<Md5Job> jobs)
    {
        var states = stackalloc uint[4 * Md5Kernel.MaxLanes];
        var blocks = stackalloc byte*[Md5Kernel.MaxLanes];
        var owners = stackalloc int[Md5Kernel.MaxLanes];
        new Md5LaneScheduler(kernel, jobs, states, blocks, owners).Run();
    }

    private void Run()
    {
        while (true)
        {
            var busyCount = FillLanes(out var busyLane); // (1)
            if (busyCount == 0)
            {
                return;
            }

            if (busyCount == 1)
            {
                RunAlone(busyLane);
                continue;
            }

            RunTogether(busyLane); // (2), (3)
        }
    }

    private int FillLanes(out int busyLane)
    {
        var busyCount = 0;
        busyLane = NoJob;
        for (var lane = 0; lane < _kernel.LaneCount; lane++)
        {
            if (_owners[lane] == NoJob)
            {
                while (_next < _jobs.Length && _jobs[_next].BlockCount == 0)
                {
                    _next++;
                }

                if (_next == _jobs.Length)
                {
                    continue;
                }

                Enter(lane, _next++);
            }

            busyCount++;
            busyLane = lane;
        }

        return busyCount;
    }

    private readonly void RunAlone(int lane)
    {
        Leave(lane);
        ref var job = ref _jobs[_owners[lane]];
        _owners[lane] = NoJob;
        fixed (Md5State* state = &job.State)
        {
            var blocks = _blocks[lane];
            Md5Kernel.Single.Run((uint*)state, &blocks, job.BlockCount);
        }

        job.BlockCount = 0;
    }

    private readonly void RunTogether(int busyLane)
    {
        var step = nint.MaxValue;
        for (var lane = 0; lane < _kernel.LaneCount; lane++)
        {
            if (_owners[lane] == NoJob)
            {
                _blocks[lane] = _blocks[busyLane];
            }
            else
            {
                step = nint.Min(step, _jobs[_owners[lane]].BlockCount);
            }
        }

        _kernel.Run(_states, _blocks, step);
        for (var lane = 0; lane < _kernel.LaneCount; lane++)
        {
            if (_owners[lane] != NoJob && (_jobs[_owners[lane]].BlockCount -= step) == 0)
            {
                Leave(lane);
                _owners[lane] = NoJob;
            }
        }
    }

    private readonly void Enter(int lane, int index)
    {
        ref var job = ref _jobs[index];
        var stride = _kernel.LaneCount;
        _owners[lane] = index;
        _blocks[lane] = job.Blocks;
        _states[lane] = job.State.A;
        _states[lane + stride] = job.State.B;
        _states[lane + 2 * stride] = job.State.C;
        _states[lane + 3 * stride] = job.State.D;
    }

    private readonly void Leave(int lane)
    {
        ref var job = ref _jobs[_owners[lane]];
        var stride = _kernel.LaneCount;
        job.State.A = _states[lane];
        job.State.B = _states[lane + stride];
        job.State.C = _states[lane + 2 * stride];
        job.State.D = _states[lane + 3 * stride];
    }
}
