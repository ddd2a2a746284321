x = (struct html){s};
y = (struct url){s};
