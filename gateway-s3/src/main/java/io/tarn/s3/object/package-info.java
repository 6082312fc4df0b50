/** Operations on objects: reading, writing, copying, deleting, and what is kept beside the bytes. */
package io.tarn.s3.object;
