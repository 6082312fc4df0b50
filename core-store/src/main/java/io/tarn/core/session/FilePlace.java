package io.tarn.core.session;

/** What an open file needs of its client; the shard is the one that the inode lives in. */
record FilePlace(Names names, ShardSession shard, Writers writers, BlockReader blocks, WriteBack memory) {}
