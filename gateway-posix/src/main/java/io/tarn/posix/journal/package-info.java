/**
 * What of a mount is in memory only and must outlive its process: written bytes, open handles, requests under way. Laid out in memory that
 * somebody else keeps, too; knows nothing of where that comes from.
 */
package io.tarn.posix.journal;
