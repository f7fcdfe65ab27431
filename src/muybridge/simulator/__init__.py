"""The Playground: small worlds with exact truth, drawn as video, told in words, judged from pixels.

Torch only: no rows, no files. The same code runs on CPU and GPU and every clip is a function of
(split, room, index), whatever batch or device it is asked for in.

    scenes     sample a batch of scenes: exact state for every frame
    render     draw a scene at any resolution
    captions   say a scene in words, and read words back into facts
    questions  ask about a scene; the answer is true by state
    truth      boxes, masks and tracks of a scene in display pixels
    actions    the Arcade, step by step, for a live player
    judge      read facts from frames alone (analysis by synthesis)
    footage    long sample films with cuts, for demos and for the tests of labelling
"""
