package io.tarn.core.session;

/** What an open file needs of its client. */
record FilePlace(ShardSession shard, Writers writers, BlockReader blocks, ReadPins pins, WriteBack memory) {}
