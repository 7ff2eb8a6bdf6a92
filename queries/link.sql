-- PutContactFirst puts one way to reach a member before the others, whose order stays.
-- name: PutContactFirst :execrows
UPDATE contact_method SET position = moved.place
FROM (SELECT c.id, row_number() OVER (ORDER BY c.id <> @id::bigint, c.position, c.id) AS place
    FROM contact_method AS c WHERE c.member_id = @member_id) AS moved
WHERE contact_method.id = moved.id AND EXISTS (SELECT 1 FROM contact_method AS own WHERE own.id = @id::bigint AND own.member_id = @member_id);
