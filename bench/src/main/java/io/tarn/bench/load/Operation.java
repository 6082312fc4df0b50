package io.tarn.bench.load;

/** What a measured run does, in the order in which the operations of one stage follow each other. */
public enum Operation {
    /** New objects. Always run, for DELETE needs them, and reported when asked for. */
    PUT,
    /** Whole objects of a fixed set, picked at random. */
    GET,
    /** Metadata of the same set. */
    HEAD,
    /** 45 % GET, 30 % HEAD, 15 % PUT, 10 % DELETE of what was put. */
    MIXED,
    /** Pages of 1,000 keys from random places. */
    LIST,
    /** What PUT wrote in the same round. */
    DELETE;

    /** Whether the operation's bytes are worth a throughput column. */
    public boolean movesData() {
        return this == PUT || this == GET || this == MIXED;
    }
}
