package io.tarn.core.namespace;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A file's bytes in the model: pieces of blocks, or of bytes that stand in the namespace itself. */
record ModelContent(List<Piece> pieces) {
    static final ModelContent EMPTY = new ModelContent(List.of());

    /** A run of bytes that was appended to an extent; moving it changes where it lies, not what it is. */
    static final class Block {
        final byte[] bytes;
        long extent;
        long offset;

        Block(final byte[] bytes, final long extent, final long offset) {
            this.bytes = bytes;
            this.extent = extent;
            this.offset = offset;
        }
    }

    /** A range of a block; one without a place in an extent (0) is inline. */
    record Piece(Block block, int skip, int length) {}

    static ModelContent inline(final byte[] bytes) {
        return new ModelContent(List.of(new Piece(new Block(bytes, 0, 0), 0, bytes.length)));
    }

    long size() {
        return pieces.stream().mapToLong(Piece::length).sum();
    }

    byte[] bytes() {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        pieces.forEach(piece -> out.write(piece.block.bytes, piece.skip, piece.length));
        return out.toByteArray();
    }

    ModelContent cut(final long from, final long length) {
        final List<Piece> result = new ArrayList<>();
        long at = 0;
        for (final Piece piece : pieces) {
            final long start = Math.max(from, at);
            final long end = Math.min(from + length, at + piece.length);
            if (start < end) {
                result.add(new Piece(piece.block, piece.skip + (int) (start - at), (int) (end - start)));
            }
            at += piece.length;
        }
        return new ModelContent(result);
    }

    static ModelContent hole(final long length) {
        return length == 0 ? EMPTY : inline(new byte[Math.toIntExact(length)]);
    }

    /** These bytes with others put over them, and zeros before those that lie beyond the end. */
    ModelContent with(final long offset, final ModelContent other) {
        final ModelContent head = offset <= size() ? cut(0, offset) : join(List.of(this, hole(offset - size())));
        final long end = offset + other.size();
        return join(List.of(head, other, end < size() ? cut(end, size() - end) : EMPTY));
    }

    static ModelContent join(final List<ModelContent> parts) {
        return new ModelContent(
                parts.stream().flatMap(part -> part.pieces.stream()).toList());
    }

    boolean uses(final long extent) {
        return pieces.stream().anyMatch(piece -> piece.block.extent == extent);
    }
}
