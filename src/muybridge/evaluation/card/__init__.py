"""The report card of a world model: every group of metrics, in every cell of clips, beside ceilings and floors.

    cells      which clips: rooms that the recipe showed, what was held out of them, what lies outside
    figures    one figure: value, interval, ceiling, floors
    asking     what is asked of which network, and the clips of a cell
    floors     what knows nothing: copying, inertia, the nearest training clip, a guess without looking
    words      text to video, and the cycle back to text
    reading    video to text: captions and answers
    motion     continuation and image to video
    physics    PhyWorld's setups, conservation, gravity, bounces, permanence
    long       roll-outs far beyond the training clips
    actions    the Arcade played
    cost       speed, memory, bytes
    score      one group over its cells, as a generator for a child process
    telling    a finished card in sentences and tables
    page       a finished card as a report

Heavy modules (torch) run in the scoring child; `figures`, `phyworld`, `telling` and `page` are light.
"""
